package storage

import "syscall"

// currentBoot is the kernel's own name for this start of it.
func currentBoot() boot {
	text, err := syscall.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return boot{}
	}
	return parseBoot(text)
}
