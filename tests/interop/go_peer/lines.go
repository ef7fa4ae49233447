// Reads lines "key value" in one order, and the forms of their values.
package main

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The first failure stays; what is read after it means nothing.
type lines struct {
	rest []string
	err  error
}

func newLines(text, format string) *lines {
	l := &lines{rest: strings.Split(strings.TrimSuffix(text, "\n"), "\n")}
	l.check(l.whole() == format, "the first line")
	return l
}

func (l *lines) check(good bool, format string, args ...interface{}) {
	if !good && l.err == nil {
		l.err = fmt.Errorf(format, args...)
	}
}

func (l *lines) whole() string {
	if len(l.rest) == 0 {
		l.check(false, "a line is missing")
		return ""
	}
	line := l.rest[0]
	l.rest = l.rest[1:]
	return line
}

func (l *lines) nextIs(key string) bool {
	return len(l.rest) > 0 && strings.HasPrefix(l.rest[0], key+" ")
}

func (l *lines) value(key string) string {
	l.check(l.nextIs(key), "no line %s", key)
	value := strings.TrimPrefix(l.whole(), key+" ")
	l.check(value != "", "%s is empty", key)
	return value
}

func (l *lines) values(key string, least, most int) []string {
	var out []string
	for l.nextIs(key) {
		out = append(out, l.value(key))
	}
	l.check(len(out) >= least && len(out) <= most, "%d lines %s", len(out), key)
	return out
}

func (l *lines) end() error {
	l.check(len(l.rest) == 0, "lines after the last")
	return l.err
}

var partyForm = regexp.MustCompile(`^[A-Z][A-Z0-9-]{1,11}$`)

func (l *lines) party() string {
	name := l.value("party")
	l.check(partyForm.MatchString(name), "no party: %s", name)
	return name
}

var numberForm = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

func (l *lines) number(text string, least, most uint64) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	l.check(err == nil && numberForm.MatchString(text) && n >= least && n <= most, "number %s", text)
	return n
}

func (l *lines) bytes(text string, size int) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	l.check(err == nil && base64.StdEncoding.EncodeToString(b) == text && len(b) == size,
		"base64 of %d bytes: %s", size, text)
	return b
}

func (l *lines) key(text string) []byte {
	b := l.bytes(text, 32)
	l.check(len(b) == 32 && isUsableKey(b), "no usable key: %s", text)
	return b
}

// A date of this layout, as Unix seconds; not before 1970.
func (l *lines) date(text, layout string) int64 {
	t, err := time.Parse(layout, text)
	l.check(err == nil && t.Format(layout) == text && t.Unix() >= 0, "date %s", text)
	return t.Unix()
}

const (
	dayLayout  = "2006-01-02"
	dateLayout = "2006-01-02T15:04:05Z"
)
