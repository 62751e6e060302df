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
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	for lines := bufio.NewScanner(bytes.NewReader(maps)); lines.Scan(); {
		if from, size, ok := unwritable(lines.Bytes(), exe); ok {
			// A mapping of a file that nobody can write to holds nothing that is not in the file.
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, size, syscall.MADV_DONTNEED)
		}
	}
}

// unwritable reads a line of /proc/self/maps: "00400000-0178e000 r-xp 00000000 00:3f 10412551    /usr/bin/ddb". ok says that it
// is a part of the file exe that is mapped without the right to write, whole pages from an address.
func unwritable(line []byte, exe string) (from, size uintptr, ok bool) {
	fields := bytes.SplitN(line, []byte(" "), 6) // the path may hold spaces, and stands behind some
	if len(fields) < 6 || string(bytes.TrimLeft(fields[5], " ")) != exe {
		return 0, 0, false
	}
	if rights := string(fields[1]); rights != "r-xp" && rights != "r--p" {
		return 0, 0, false
	}
	first, last, _ := bytes.Cut(fields[0], []byte("-"))
	begin, err := strconv.ParseUint(string(first), 16, strconv.IntSize)
	end, err2 := strconv.ParseUint(string(last), 16, strconv.IntSize)
	if err != nil || err2 != nil || end <= begin {
		return 0, 0, false
	}
	return uintptr(begin), uintptr(end - begin), true
}
