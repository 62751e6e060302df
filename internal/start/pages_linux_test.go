package start

import (
	"bytes"
	"os"
	"testing"
)

func TestUnwritable(t *testing.T) {
	tests := []struct {
		line       string
		from, size uintptr
		ok         bool
	}{
		{"00400000-0178e000 r-xp 00000000 fe:00 10412551                           /opt/my tools/ddb", 0x400000, 0x138e000, true},
		{"0178e000-02d8e000 r--p 0138e000 fe:00 10412551                           /opt/my tools/ddb", 0x178e000, 0x1600000, true},
		{line: "02d8e000-02e85000 rw-p 0298e000 fe:00 10412551                           /opt/my tools/ddb"},
		{line: "0178e000-02d8e000 r--p 0138e000 fe:00 10412552                           /opt/my tools/ddb2"},
		{line: "0178e000-02d8e000 r--s 0138e000 fe:00 10412551                           /opt/my tools/ddb"},
		{line: "7fee6ad20000-7fee6b000000 rw-p 00000000 00:00 0 "},
		{line: "7ffd0854c000-7ffd0854e000 r-xp 00000000 00:00 0                          [vdso]"},
		{line: "nonsense"},
		{line: "x-y r-xp 00000000 fe:00 1 /opt/my tools/ddb"},
	}
	for _, tt := range tests {
		from, size, ok := unwritable([]byte(tt.line), "/opt/my tools/ddb")
		if from != tt.from || size != tt.size || ok != tt.ok {
			t.Errorf("%q: %#x, %#x, %v", tt.line, from, size, ok)
		}
	}
}

// What is given back comes again when it is needed: this test runs on the very pages.
func TestGiveBack(t *testing.T) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skip("no /proc here")
	}
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range bytes.Lines(maps) {
		if _, _, ok := unwritable(bytes.TrimRight(line, "\n"), exe); ok {
			found++
		}
	}
	if found == 0 {
		t.Fatalf("no mapping of %s in\n%s", exe, maps)
	}
	GiveBack()
	GiveBack()
}
