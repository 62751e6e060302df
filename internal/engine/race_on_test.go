//go:build race

package engine_test

// raceDetector says that pools forget at random, so that allocations are more and not always as many.
const raceDetector = true
