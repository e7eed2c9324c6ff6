package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// TestMain lets the test's binary stand for the all-in-one, which is another process here, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "run" {
		code := kit.Main(os.Args[1:], os.Stdout, orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(),
			notifications.Service(), gateway.Service(), sandbox.Service())
		if code != 0 {
			panic(code)
		}
		return
	}
	m.Run()
}

// TestOneRound plays one round, whatever time it takes, and looks at what is left behind.
func TestOneRound(t *testing.T) {
	temporary, profiles := t.TempDir(), filepath.Join(t.TempDir(), "profiles")
	t.Setenv("TMPDIR", temporary)
	var out, complaints bytes.Buffer
	code := run([]string{"--for", "1ms", "--sample", "50ms", "--handover", os.Args[0], "--profiles", profiles}, &out, &complaints)
	if code != 0 || !strings.Contains(out.String(), "2 lives") {
		t.Fatalf("exit code %d\n%s%s", code, out.String(), complaints.String())
	}
	for _, want := range []string{"heap-1.pb.gz", "goroutine-1.pb.gz"} {
		if info, err := os.Stat(filepath.Join(profiles, want)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", want, err)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWhatIsWrongOnTheCommandLine(t *testing.T) {
	for _, args := range [][]string{
		{"--for", "0s"}, {"--every", "-1s"}, {"--sample", "0s"}, {"--handover", filepath.Join(t.TempDir(), "nothing")}, {"--fast"},
	} {
		var out, complaints bytes.Buffer
		if code := run(append([]string{"--handover", os.Args[0]}, args...), &out, &complaints); code != 2 || complaints.Len() == 0 {
			t.Errorf("%v: exit code %d, %s", args, code, complaints.String())
		}
	}
}
