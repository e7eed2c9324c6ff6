package measure_test

import (
	"os"
	"os/exec"
	"testing"

	"example.com/handover/deploy/bench/measure"
)

func TestWhatAProcessUses(t *testing.T) {
	used, err := measure.UsedBy(os.Getpid())
	if err != nil || used.Resident < 1 || used.Resident > 10_000 {
		t.Errorf("this process uses %+v, %v", used, err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if used, err := measure.UsedBy(gone.Process.Pid); err == nil {
		t.Errorf("a process that is no more uses %+v", used)
	}
}
