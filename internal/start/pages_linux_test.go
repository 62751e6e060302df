package start

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromFile(t *testing.T) {
	const smaps = `00400000-0178e000 r-xp 00000000 fe:00 10412551                           /opt/my tools/ddb
Size:              20024 kB
Rss:               14776 kB
Private_Dirty:      8000 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd ex mr mw me
0178e000-02d8e000 r--p 0138e000 fe:00 10412551                           /opt/my tools/ddb
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd mr mw me
02d8e000-02d9e000 r--p 0298e000 fe:00 10412551                           /opt/my tools/ddb
Anonymous:            64 kB
Swap:                  0 kB
VmFlags: rd mr mw me
02d9e000-02dae000 r--p 0299e000 fe:00 10412551                           /opt/my tools/ddb
Anonymous:             0 kB
Swap:                  4 kB
VmFlags: rd mr mw me
02dae000-02e85000 rw-p 029ae000 fe:00 10412551                           /opt/my tools/ddb
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd wr mr mw me
03000000-03001000 r--p 00000000 fe:00 10412552                           /opt/my tools/ddb2
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd mr mw me
03001000-03002000 r--s 00000000 fe:00 10412551                           /opt/my tools/ddb
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd mr mw me
7fee6ad20000-7fee6b000000 rw-p 00000000 00:00 0 
Anonymous:             0 kB
VmFlags: rd wr
x-y r-xp 00000000 fe:00 1 /opt/my tools/ddb
Anonymous:             0 kB
VmFlags: rd wr
04000000-04001000 r-xp 00000000 fe:00 10412551                           /opt/my tools/ddb
Swap:                  0 kB
VmFlags: rd
00500000-0078e000 r-xp 00000000 fe:00 10412551                           /opt/my tools/ddb
Rss:               14776 kB
`
	want := []mapping{{0x400000, 0x138e000}, {0x178e000, 0x1600000}}
	if diff := cmp.Diff(want, fromFile([]byte(smaps), "/opt/my tools/ddb"), cmp.AllowUnexported(mapping{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What is given back comes again when it is needed: this test runs on the very pages, which it finds in its own mappings.
func TestPagesGivenBackComeAgain(t *testing.T) {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Skip("no /proc here")
	}
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Skip("this kernel does not tell")
	}
	if len(fromFile(smaps, exe)) == 0 {
		t.Fatalf("no mapping of %s in\n%s", exe, smaps)
	}
	GiveBack()
	GiveBack()
}
