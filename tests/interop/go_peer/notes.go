// Signed notes (docs/protocol.md 2.2): form by hand, signatures by the note package.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

const (
	plainKey  = 1
	cosignKey = 4
)

// A key that has to sign. It is a note.Verifier, as the package knows only type 1.
type signer struct {
	name string
	kind byte
	key  []byte
	time uint64 // of its cosignature, once verified
}

func (s *signer) Name() string { return s.name }
func (s *signer) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(s.name+"\n"+string(rune(s.kind))), s.key...))
	return binary.BigEndian.Uint32(sum[:])
}

func (s *signer) Verify(text, sig []byte) bool {
	if s.kind == cosignKey {
		if len(sig) != 8+ed25519.SignatureSize {
			return false
		}
		s.time = binary.BigEndian.Uint64(sig)
		text = []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", s.time, text))
		sig = sig[8:]
	}
	return len(sig) == ed25519.SignatureSize && !isSmallOrder(sig[:32]) &&
		ed25519.Verify(s.key, text, sig)
}

var dash = "\u2014 "

func checkForm(b []byte) (text string, lines []string, err error) {
	if len(b) > 64<<10 {
		return "", nil, fmt.Errorf("longer than 64 KiB")
	}
	if !utf8.Valid(b) {
		return "", nil, fmt.Errorf("not UTF-8")
	}
	if bytes.IndexFunc(b, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) >= 0 {
		return "", nil, fmt.Errorf("a control character")
	}
	at := bytes.LastIndex(b, []byte("\n\n"))
	if at < 0 {
		return "", nil, fmt.Errorf("no empty line")
	}
	text = string(b[:at+1])
	if text == "\n" || strings.HasSuffix(text, "\n\n") {
		return "", nil, fmt.Errorf("an empty line too many")
	}
	rest := string(b[at+2:])
	if !strings.HasSuffix(rest, "\n") {
		return "", nil, fmt.Errorf("no signature, or its line has no end")
	}
	lines = strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
	if len(lines) > 32 {
		return "", nil, fmt.Errorf("more than 32 signatures")
	}
	return text, lines, nil
}

// The text of a note that every one of these keys signed, and nobody twice.
func openNote(b []byte, signers []*signer) (string, error) {
	text, lines, err := checkForm(b)
	if err != nil {
		return "", err
	}
	seen := map[string]bool{}
	for _, line := range lines {
		parts := strings.Split(strings.TrimPrefix(line, dash), " ")
		if !strings.HasPrefix(line, dash) || len(parts) != 2 {
			return "", fmt.Errorf("a signature line of another form")
		}
		sig, err := base64.StdEncoding.DecodeString(parts[1])
		if err != nil || base64.StdEncoding.EncodeToString(sig) != parts[1] || len(sig) < 5 {
			return "", fmt.Errorf("base64 that is not canonical")
		}
		for _, s := range signers {
			id := parts[0] + string(sig[:4])
			if s.name == parts[0] && s.KeyHash() == binary.BigEndian.Uint32(sig) {
				if seen[id] {
					return "", fmt.Errorf("a key signed twice")
				}
				seen[id] = true
			}
		}
	}
	verifiers := make([]note.Verifier, len(signers))
	for i, s := range signers {
		verifiers[i] = s
	}
	opened, err := note.Open(b, note.VerifierList(verifiers...))
	if err != nil {
		return "", err
	}
	if len(opened.Sigs) != len(signers) {
		return "", fmt.Errorf("%d of %d keys signed", len(opened.Sigs), len(signers))
	}
	if opened.Text != text {
		return "", fmt.Errorf("the note package reads another text")
	}
	return text, nil
}
