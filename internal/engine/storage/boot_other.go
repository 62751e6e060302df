//go:build !linux && !darwin

package storage

// currentBoot is not to be had here.
func currentBoot() boot { return boot{} }
