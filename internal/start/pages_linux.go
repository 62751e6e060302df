package start

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// GiveBack lets go of the pages of the program's own file that are mapped for reading and running. Setting up its packages and the
// runtime's tables touches 23 MB of them, once, most for a word in 64 KB, and they would count as resident for as long as the
// process lives. What is needed again is mapped again from the kernel's cache of the file, at about a microsecond for 64 KB.
// It does nothing where the kernel does not say what is mapped.
func GiveBack() {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	mappings, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return
	}
	for _, m := range fromFile(mappings, exe) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.size, syscall.MADV_DONTNEED) // what it refuses stays
	}
}

// A mapping is whole pages from an address.
type mapping struct{ from, size uintptr }

// fromFile reads /proc/self/smaps and finds the parts of the file exe that nobody can write to and that are to the last page as in the
// file. Not all that is read-only is: what a dynamic linker has relocated, and where a debugger has set a breakpoint, there
// are pages of the process's own, which are in no file.
func fromFile(smaps []byte, exe string) []mapping {
	var (
		found []mapping
		at    mapping
		ours  bool
		said  bool // how many pages are the process's own
	)
	for lines := bufio.NewScanner(bytes.NewReader(smaps)); lines.Scan(); {
		line := lines.Bytes()
		name, value, isField := bytes.Cut(line, []byte(":"))
		if !isField || bytes.ContainsAny(name, " -") {
			at, ours = unwritable(line, exe)
			said = false
			continue
		}
		if !ours {
			continue
		}
		switch string(name) {
		case "Anonymous", "Swap":
			ours = string(bytes.Join(bytes.Fields(value), nil)) == "0kB"
			said = said || string(name) == "Anonymous"
		case "VmFlags": // the last field of a mapping
			if said {
				found = append(found, at)
			}
			ours = false
		}
	}
	return found
}

// unwritable reads the first line of a mapping: "00400000-0178e000 r-xp 00000000 00:3f 10412551    /usr/bin/ddb".
func unwritable(line []byte, exe string) (m mapping, ok bool) {
	fields := bytes.SplitN(line, []byte(" "), 6) // the path may hold spaces, and stands behind some
	if len(fields) < 6 || string(bytes.TrimLeft(fields[5], " ")) != exe {
		return m, false
	}
	if rights := string(fields[1]); rights != "r-xp" && rights != "r--p" {
		return m, false
	}
	first, last, _ := bytes.Cut(fields[0], []byte("-"))
	begin, err := strconv.ParseUint(string(first), 16, strconv.IntSize)
	end, err2 := strconv.ParseUint(string(last), 16, strconv.IntSize)
	if err != nil || err2 != nil || end <= begin {
		return m, false
	}
	return mapping{uintptr(begin), uintptr(end - begin)}, true
}
