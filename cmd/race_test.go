//go:build race

package cmd_test

// underRace says that the race detector is on. A program it watches takes about a second to start, so tests that start hundreds of
// them, each alone, leave it to the scripts, which run the same commands.
const underRace = true
