// tcp://HOST:PORT (docs/protocol.md 3.3).
package main

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	endpointForm = regexp.MustCompile(`^tcp://(.+):([1-9][0-9]{0,4})$`)
	labelForm    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	groupForm    = regexp.MustCompile(`^[0-9a-f]{1,4}$`)
	digitsForm   = regexp.MustCompile(`^[0-9]+$`)
)

func isEndpoint(text string) bool {
	found := endpointForm.FindStringSubmatch(text)
	if len(text) > 255 || found == nil {
		return false
	}
	port, err := strconv.Atoi(found[2])
	return err == nil && port <= 65535 && isHost(found[1])
}

func isHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		return strings.HasSuffix(host, "]") && isIPv6(host[1:len(host)-1])
	}
	labels := strings.Split(host, ".")
	if len(labels) == 4 && allNumbers(labels) {
		return isIPv4(labels)
	}
	for _, label := range labels {
		if !labelForm.MatchString(label) {
			return false
		}
	}
	return len(host) <= 253 && !digitsForm.MatchString(labels[len(labels)-1])
}

func allNumbers(labels []string) bool {
	for _, label := range labels {
		if !digitsForm.MatchString(label) {
			return false
		}
	}
	return true
}

func isIPv4(parts []string) bool {
	any := false
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n > 255 || strconv.Itoa(n) != part {
			return false
		}
		any = any || n != 0
	}
	return any
}

// Eight groups; one "::" stands for one group of zeros or more. Not all zero.
func isIPv6(text string) bool {
	halves := strings.Split(text, "::")
	if len(halves) > 2 {
		return false
	}
	count, any := 0, false
	for _, half := range halves {
		if half == "" {
			continue
		}
		for _, group := range strings.Split(half, ":") {
			if !groupForm.MatchString(group) {
				return false
			}
			count++
			any = any || strings.Trim(group, "0") != ""
		}
	}
	if len(halves) == 1 {
		return count == 8 && any
	}
	return count < 8 && any
}
