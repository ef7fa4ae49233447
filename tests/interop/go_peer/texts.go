// Card, schedule, certificate and checkpoint (docs/protocol.md 3.1, 3.3, 6.5, 15.3).
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

type card struct {
	text, party, logName                      string
	root, next, sign, log, witness, transport []byte
	suites                                    map[uint64]bool
}

const most8 = 8 << 10

func hash(prefix string, b []byte) []byte {
	sum := sha256.Sum256(append([]byte(prefix), b...))
	return sum[:]
}

// The text a note claims to have; openNote says whether it does.
func textOf(b []byte) string {
	at := bytes.LastIndex(b, []byte("\n\n"))
	return string(b[:at+1]) // nothing if there is no empty line: at is -1
}

func readCard(b []byte) (*card, error) {
	if len(b) > most8 {
		return nil, fmt.Errorf("longer than 8 KiB")
	}
	c := &card{text: textOf(b)}
	l := newLines(c.text, "focal-card/v1")
	c.party = l.party()
	serial := l.number(l.value("serial"), 1, 1<<63-1)
	prev := l.value("prev")
	l.check((prev == "none") == (serial == 1), "prev")
	if prev != "none" {
		l.bytes(prev, 32)
	}
	c.root = l.key(l.value("root"))
	c.next = l.bytes(l.value("next"), 32)
	l.check(!bytes.Equal(c.next, nextHash(c.root)), "next is the root")
	issued := l.date(l.value("issued"), dateLayout)
	l.check(l.date(l.value("expires"), dateLayout) > issued, "expires")
	c.sign = l.key(l.value("sign"))
	logLine := strings.Split(l.value("log"), " ")
	l.check(len(logLine) == 2, "log")
	c.logName = logLine[0]
	head := "focal/" + c.party + "/log/"
	l.check(strings.HasPrefix(c.logName, head), "log name")
	l.number(strings.TrimPrefix(c.logName, head), 1, 1<<32-1)
	c.log = l.key(logLine[len(logLine)-1])
	c.witness = l.key(l.value("witness"))
	c.transport = l.bytes(l.value("transport"), 32)
	l.check(!isSmallX25519(c.transport), "transport")
	c.suites = checkSuites(l, l.value("suites"))
	for _, a := range l.values("authority", 1, 8) {
		l.check(len(a) <= 255 && strings.Trim(a, " ") == a, "authority")
	}
	checkDistinct(l, [][]byte{c.root, c.sign, c.log, c.witness, c.transport})
	if err := l.end(); err != nil {
		return nil, err
	}
	witness := &signer{name: "focal/" + c.party + "/witness", kind: cosignKey, key: c.witness}
	_, err := openNote(b, []*signer{
		{name: "focal/" + c.party + "/root", kind: plainKey, key: c.root},
		{name: "focal/" + c.party + "/sign", kind: plainKey, key: c.sign},
		{name: c.logName, kind: plainKey, key: c.log},
		witness,
	})
	if err == nil && witness.time != uint64(issued) {
		err = fmt.Errorf("the cosignature has another time")
	}
	return c, err
}

func nextHash(root []byte) []byte { return hash("focal/next-root/v1\x00", root) }

func checkSuites(l *lines, text string) map[uint64]bool {
	out := map[uint64]bool{}
	parts := strings.Split(text, " ")
	l.check(len(parts) <= 8, "suites")
	before := uint64(0)
	for _, part := range parts {
		n := l.number(part, 1, 255)
		l.check(n > before, "suites")
		before = n
		out[n] = true
	}
	return out
}

func checkDistinct(l *lines, keys [][]byte) {
	seen := map[string]bool{}
	for _, key := range keys {
		l.check(!seen[string(key)], "two keys are one")
		seen[string(key)] = true
	}
}

// The one key that signs what a party's server publishes.
func signedBy(c *card) []*signer {
	return []*signer{{name: "focal/" + c.party + "/sign", kind: plainKey, key: c.sign}}
}

func readSchedule(b []byte, c *card) (string, error) {
	if len(b) > 64<<10 {
		return "", fmt.Errorf("longer than 64 KiB")
	}
	l := newLines(textOf(b), "focal-seal/v1")
	own := l.party()
	l.check(own == c.party, "another party")
	l.check(bytes.Equal(l.bytes(l.value("sign"), 32), c.sign), "another sign key")
	l.number(l.value("serial"), 1, 1<<63-1)
	reach := l.value("reach")
	relay := strings.TrimPrefix(reach, "relay ")
	l.check(reach == "direct" || reach == "dialout" ||
		(relay != reach && relay != own && partyForm.MatchString(relay)), "reach")
	checkDifferent(l, l.values("endpoint", 0, 4), isEndpoint, "endpoint")
	checkKeys(l, l.values("key", 2, 32), c.suites)
	if err := l.end(); err != nil {
		return "", err
	}
	return openNote(b, signedBy(c))
}

func checkDifferent(l *lines, values []string, good func(string) bool, what string) {
	seen := map[string]bool{}
	for _, v := range values {
		l.check(!seen[v] && good(v), "%s %s", what, v)
		seen[v] = true
	}
}

// The lines of one suite stand together, for consecutive weeks; suites ascend.
func checkKeys(l *lines, values []string, onCard map[uint64]bool) {
	keys := map[string]bool{}
	weeks := map[uint64]int{}
	var before, suiteBefore uint64
	for _, value := range values {
		suite, from, key := readKey(l, value)
		l.check(onCard[suite], "suite %d is not on the card", suite)
		l.check(suite >= suiteBefore, "suites")
		l.check(suite != suiteBefore || uint64(from) == before+7*86400, "weeks")
		suiteBefore, before = suite, uint64(from)
		weeks[suite]++
		l.check(!keys[key], "a key twice")
		keys[key] = true
	}
	l.check(len(weeks) <= 2, "suites")
	for _, n := range weeks {
		l.check(n >= 2 && n <= 16, "%d keys of a suite", n)
	}
}

func readKey(l *lines, value string) (uint64, int64, string) {
	parts := strings.Split(value, " ")
	if len(parts) != 5 {
		l.check(false, "key line")
		return 0, 0, ""
	}
	kid := l.bytes(parts[0], 16)
	suite := l.number(parts[1], 1, 255)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	l.check(err == nil && base64.StdEncoding.EncodeToString(key) == parts[2], "base64 of a key")
	if suite == 1 {
		l.check(len(key) == 32 && !isSmallX25519(key), "a key of small order or another length")
	} else {
		l.check(len(key) >= 32 && len(key) <= 1280, "a key of %d bytes", len(key))
	}
	name := hash("focal/kid/v1\x00"+string([]byte{byte(suite)}), key)
	l.check(bytes.Equal(kid, name[:16]), "kid")
	from := l.date(parts[3], dayLayout)
	l.check(l.date(parts[4], dayLayout) == from+7*86400 && (from/86400+3)%7 == 0, "week")
	return suite, from, string(key)
}

func readCertificate(b []byte, c *card) (string, error) {
	if len(b) > 2<<10 {
		return "", fmt.Errorf("longer than 2 KiB")
	}
	l := newLines(textOf(b), "focal-officer/v1")
	l.check(l.party() == c.party, "another party")
	role := l.value("role")
	l.check(len(role) <= 64, "role")
	key := l.key(l.value("key"))
	for _, taken := range [][]byte{c.root, c.sign, c.log, c.witness, c.transport} {
		l.check(!bytes.Equal(taken, key), "a key of the card")
	}
	from := l.date(l.value("from"), dateLayout)
	l.check(l.date(l.value("until"), dateLayout) > from, "until")
	if err := l.end(); err != nil {
		return "", err
	}
	return openNote(b, signedBy(c))
}

func rootSigns(c *card, key []byte) []*signer {
	return []*signer{{name: "focal/" + c.party + "/root", kind: plainKey, key: key}}
}

func readRevocation(b []byte, c *card) (string, error) {
	if len(b) > 2<<10 {
		return "", fmt.Errorf("longer than 2 KiB")
	}
	l := newLines(textOf(b), "focal-revoke/v1")
	l.check(l.party() == c.party, "another party")
	l.bytes(l.value("card"), 32)
	key := l.key(l.value("key"))
	l.check(bytes.Equal(key, c.root) || bytes.Equal(nextHash(key), c.next), "no key of the card")
	scope := l.value("scope")
	l.check(scope == "all" || scope == "sign" || scope == "transport" || scope == "seal", "scope")
	l.date(l.value("since"), dateLayout)
	reason := l.value("reason")
	l.check(len(reason) <= 255 && strings.Trim(reason, " ") == reason, "reason")
	if err := l.end(); err != nil {
		return "", err
	}
	return openNote(b, rootSigns(c, key))
}

func readDirectory(b []byte, c *card) (string, error) {
	l := newLines(textOf(b), "focal-directory/v1")
	l.check(l.value("introducer") == c.party, "another party")
	serial := l.number(l.value("serial"), 1, 1<<63-1)
	prev := l.value("prev")
	l.check((prev == "none") == (serial == 1), "prev")
	if prev != "none" {
		l.bytes(prev, 32)
	}
	before := ""
	for _, value := range l.values("entry", 0, 768) {
		parts := strings.Split(value, " ")
		if len(parts) != 3 {
			return "", fmt.Errorf("an entry of another form")
		}
		l.check(partyForm.MatchString(parts[0]) && parts[0] > before, "entry %s", parts[0])
		before = parts[0]
		l.bytes(parts[1], 32)
		l.number(parts[2], 1, 1<<63-1)
	}
	if err := l.end(); err != nil {
		return "", err
	}
	return openNote(b, rootSigns(c, c.root))
}

func readCheckpoint(b []byte, c *card) (string, error) {
	l := newLines(textOf(b), c.logName)
	l.number(l.whole(), 0, 1<<64-1)
	l.bytes(l.whole(), 32)
	if err := l.end(); err != nil {
		return "", err
	}
	return openNote(b, []*signer{{name: c.logName, kind: plainKey, key: c.log}})
}
