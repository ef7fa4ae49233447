// go_tiles walks exported logs with Go's golang.org/x/mod/sumdb/tlog, as any public tool would:
// docs/protocol.md, "Exported log", and c2sp.org/tlog-tiles.
//
//	go_tiles walk FOLDER    FOLDER/vkey is the verifier key, FOLDER/logs one "NAME SIZE STRIDE" a
//	                        line. Checks each FOLDER/NAME whole, inclusion of every STRIDEth entry,
//	                        and consistency between all sizes. Exit 1: something does not hold.
//	go_tiles judge FOLDER   prints good or bad for each line of FOLDER/cases:
//	                          export NAME FILE BASE64   NAME with that file instead; "-": without it
//	                          record SIZE ROOT INDEX LEAFHASH HASH,…
//	                          tree SIZE ROOT OLDSIZE OLDROOT HASH,…     "-": no hashes
//
// Exit 2: wrong use, or a line that is none.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func die(code int, what ...interface{}) {
	fmt.Fprintln(os.Stderr, append([]interface{}{"go_tiles:"}, what...)...)
	os.Exit(code)
}

func lines(file string) []string {
	in, err := os.Open(file)
	if err != nil {
		die(2, err)
	}
	defer in.Close()
	var out []string
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		out = append(out, scanner.Text())
	}
	if scanner.Err() != nil {
		die(2, scanner.Err())
	}
	return out
}

func key(folder string) note.Verifier {
	text := lines(filepath.Join(folder, "vkey"))
	if len(text) != 1 {
		die(2, "vkey is one line")
	}
	verifier, err := note.NewVerifier(text[0])
	if err != nil {
		die(2, err)
	}
	return verifier
}

// walk fails at the first thing that does not hold.
func walk(folder string) {
	verifier := key(folder)
	var logs []*export
	for _, line := range lines(filepath.Join(folder, "logs")) {
		var name string
		var size, stride int64
		if _, err := fmt.Sscan(line, &name, &size, &stride); err != nil {
			die(2, line, err)
		}
		log, err := openExport(filepath.Join(folder, name), nil, verifier)
		if err == nil && log.tree.N != size {
			err = fmt.Errorf("checkpoint of %d leaves", log.tree.N)
		}
		proofs := int64(0)
		if err == nil {
			proofs, err = log.check(stride)
		}
		if err != nil {
			die(1, name, err)
		}
		fmt.Printf("%s: %d entries, %d inclusion proofs\n", name, size, proofs)
		logs = append(logs, log)
	}
	pairs := 0
	for _, newer := range logs {
		for _, older := range logs {
			if older.tree.N == 0 || older.tree.N > newer.tree.N {
				continue
			}
			if err := newer.extends(older); err != nil {
				die(1, older.tree.N, "is not in", newer.tree.N, err)
			}
			pairs++
		}
	}
	fmt.Printf("%d consistency proofs\n", pairs)
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	if err != nil {
		die(2, err)
	}
	return h
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		die(2, err)
	}
	return n
}

func hashes(text string) []tlog.Hash {
	var out []tlog.Hash
	if text == "-" {
		return out
	}
	for _, one := range strings.Split(text, ",") {
		out = append(out, hash(one))
	}
	return out
}

func judge(folder string) {
	verifier := key(folder)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, line := range lines(filepath.Join(folder, "cases")) {
		word := strings.Split(line, " ")
		var err error
		switch {
		case len(word) == 4 && word[0] == "export":
			change := &changed{file: word[2]}
			if word[3] != "-" {
				bytes, wrong := base64.StdEncoding.DecodeString(word[3])
				if wrong != nil {
					die(2, wrong)
				}
				change.bytes = append([]byte{}, bytes...)
			}
			var log *export
			log, err = openExport(filepath.Join(folder, word[1]), change, verifier)
			if err == nil {
				_, err = log.check(7)
			}
		case len(word) == 6 && word[0] == "record":
			err = tlog.CheckRecord(hashes(word[5]), number(word[1]), hash(word[2]), number(word[3]),
				hash(word[4]))
		case len(word) == 6 && word[0] == "tree":
			err = tlog.CheckTree(hashes(word[5]), number(word[1]), hash(word[2]), number(word[3]),
				hash(word[4]))
		default:
			die(2, "no case:", line)
		}
		verdict := "good"
		if err != nil {
			verdict = "bad"
		}
		fmt.Fprintln(out, verdict)
	}
}

func main() {
	if len(os.Args) != 3 {
		die(2, "usage: go_tiles walk|judge FOLDER")
	}
	switch os.Args[1] {
	case "walk":
		walk(os.Args[2])
	case "judge":
		judge(os.Args[2])
	default:
		die(2, "usage: go_tiles walk|judge FOLDER")
	}
}
