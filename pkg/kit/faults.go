package kit

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// probe returns the function that the store, the relay and the consumers call at their named points; nil when no
// fault is asked for, which costs them nothing.
func (f Faults) probe() (func(point string), error) {
	at, signal := f.KillAt, syscall.SIGKILL // no deferred call runs, as when the power goes
	if at == "" {
		at, signal = f.StopAt, syscall.SIGTERM
	}
	if at == "" {
		return nil, nil
	}
	point, count, ok := strings.Cut(at, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	if !ok || err != nil || n < 1 {
		return nil, fmt.Errorf("platform.faults: kill_at or stop_at: %q is not point:n", at)
	}
	var passes atomic.Int64
	return func(at string) {
		if at == point && passes.Add(1) == n {
			_ = syscall.Kill(os.Getpid(), signal)
		}
	}, nil
}
