#!/bin/sh
# How the build calls ccache. Of a precompiled header of some hundred megabytes it would read every
# byte for each source that uses it; a sum beside the header, written when it is made, saves that.
# Paths of this tree do not count, so that clones share what was compiled.
root=${0%/packaging/cmake/ccache.sh}
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=true CCACHE_PCH_EXTSUM=true
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

before='' header=''
for word; do
  case $before$word in -o*.gch | -o*.pch) header=$word ;; esac
  before=$word
done
[ -z "$header" ] && exec ccache "$@"
# The one of before goes first: GCC would include it into the new one, and ccache would take what it
# kept of any such.
rm -f -- "$header" "$header.sum"
ccache "$@" && sha256sum <"$header" >"$header.sum"
