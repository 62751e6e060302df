package storage

import "os"

// currentBoot is the kernel's own name for this start of it.
func currentBoot() boot {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return boot{}
	}
	return parseBoot(string(text))
}
