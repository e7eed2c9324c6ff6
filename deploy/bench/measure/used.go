package measure

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Used is what a process has of the machine.
type Used struct {
	CPU      time.Duration // of all its threads, user and system, since its start
	Resident float64       // megabytes of memory, now
}

// UsedBy reads it for any process. Linux only.
func UsedBy(pid int) (used Used, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return used, err
	}
	// What stands after the name, which may have spaces: from the state, the third field, on.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const user, system, resident = 11, 12, 21
	if len(fields) <= resident {
		return used, fmt.Errorf("process %d: %d fields are too few", pid, len(fields))
	}
	var values [3]int64
	for i, at := range []int{user, system, resident} {
		if values[i], err = strconv.ParseInt(fields[at], 10, 64); err != nil {
			return used, fmt.Errorf("process %d: %w", pid, err)
		}
	}
	const tick = time.Second / 100 // Linux counts so for whoever reads this
	return Used{time.Duration(values[0]+values[1]) * tick, float64(values[2]) * float64(os.Getpagesize()) / 1e6}, nil
}
