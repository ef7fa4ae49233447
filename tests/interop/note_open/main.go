// note_open checks signed notes with Go's own package, as a second opinion on ours.
//
//	note_open NOTEFILE VKEY...          exit 0 if every key signed the note, else 1
//	note_open -batch LINEFILE VKEY...   one note in base64 a line; prints "good" or "bad" a line
//
// VKEY is "name+hexkeyid+base64(0x01 || public key)". Exit 2: wrong use.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io/ioutil"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func die(code int, err interface{}) {
	fmt.Fprintln(os.Stderr, "note_open:", err)
	os.Exit(code)
}

// open fails unless every one of the keys signed the note.
func open(bytes []byte, keys []note.Verifier) error {
	opened, err := note.Open(bytes, note.VerifierList(keys...))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != len(keys) {
		return fmt.Errorf("%d of %d keys signed", len(opened.Sigs), len(keys))
	}
	return nil
}

func batch(file string, keys []note.Verifier) {
	in, err := os.Open(file)
	if err != nil {
		die(2, err)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		bytes, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			die(2, err)
		}
		verdict := "good"
		if open(bytes, keys) != nil {
			verdict = "bad"
		}
		fmt.Fprintln(out, verdict)
	}
	if err := lines.Err(); err != nil {
		die(2, err)
	}
	if err := out.Flush(); err != nil {
		die(2, err)
	}
}

func main() {
	args := os.Args[1:]
	isBatch := len(args) > 0 && args[0] == "-batch"
	if isBatch {
		args = args[1:]
	}
	if len(args) < 2 {
		die(2, "usage: note_open [-batch] FILE VKEY...")
	}
	var keys []note.Verifier
	for _, vkey := range args[1:] {
		key, err := note.NewVerifier(vkey)
		if err != nil {
			die(2, fmt.Sprint(vkey, ": ", err))
		}
		keys = append(keys, key)
	}
	if isBatch {
		batch(args[0], keys)
		return
	}
	bytes, err := ioutil.ReadFile(args[0])
	if err != nil {
		die(2, err)
	}
	if err := open(bytes, keys); err != nil {
		die(1, err)
	}
}
