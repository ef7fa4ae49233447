// go_peer judges notes for tests/interop/README.md with Go's own packages: signatures by
// golang.org/x/mod/sumdb/note, everything else read line by line from docs/protocol.md.
//
//	go_peer judge   reads lines, one answer for each "judge": accept MEANING,
//	                refuse - WORDS, or skip for a kind it does not know
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
)

// What it was told: the card of the party told last.
type world struct {
	subject *card
	marked  *card // as it was when the world was marked
}

func hexHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// The meaning of an object in words; an error refuses it.
func (w *world) meaning(kind string, bytes []byte) (string, error) {
	switch kind {
	case "card":
		c, err := readCard(bytes)
		if err != nil {
			return "", err
		}
		return hexHash(c.text), nil
	case "schedule":
		return textHash(readSchedule(bytes, w.subject))
	case "revocation":
		return textHash(readRevocation(bytes, w.subject))
	case "directory":
		return textHash(readDirectory(bytes, w.subject))
	case "certificate":
		if _, err := readCertificate(bytes, w.subject); err != nil {
			return "", err
		}
		return hexHash(string(bytes)), nil
	case "checkpoint":
		return textHash(readCheckpoint(bytes, w.subject))
	}
	return "", errSkip
}

func textHash(text string, err error) (string, error) {
	return hexHash(text), err
}

var errSkip = fmt.Errorf("skip")

func (w *world) judge(kind, text string) string {
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		die(err)
	}
	said, err := w.meaning(kind, bytes)
	switch {
	case err == errSkip:
		return "skip"
	case err != nil:
		return "refuse - " + strings.Map(plain, err.Error())
	}
	return "accept " + said
}

// An error may quote what it refuses; the answer is one line.
func plain(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}

func (w *world) tell(words []string) {
	switch words[0] {
	case "world":
		*w = world{}
	case "mark":
		w.marked = w.subject
	case "back":
		w.subject = w.marked
	case "peer":
		note, err := base64.StdEncoding.DecodeString(words[2])
		if err != nil {
			die(err)
		}
		if w.subject, err = readCard(note); err != nil {
			die(err)
		}
	}
}

func die(err error) {
	fmt.Fprintln(os.Stderr, "go_peer:", err)
	os.Exit(2)
}

func main() {
	if len(os.Args) != 2 || os.Args[1] != "judge" {
		die(fmt.Errorf("usage: go_peer judge"))
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 4<<20)
	out := bufio.NewWriter(os.Stdout)
	var w world
	for in.Scan() {
		words := strings.Split(in.Text(), " ")
		if words[0] == "judge" {
			fmt.Fprintln(out, w.judge(words[1], words[2]))
		} else {
			w.tell(words)
		}
	}
	if err := in.Err(); err != nil {
		die(err)
	}
	if err := out.Flush(); err != nil {
		die(err)
	}
}
