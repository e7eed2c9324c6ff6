package fault

import (
	"fmt"
	"log/slog"
	"net/http"
	"syscall"
)

// Kill ends one process of a test the hard way, as when the power goes: no deferred call runs. A process that has
// ended already is no error. Without a process there is nothing to do.
func Kill(log *slog.Logger, pid int) {
	if pid <= 1 {
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		log.Warn("cannot kill the caller", "pid", pid, "error", err)
	}
}

// Cut closes the connection without an answer.
func Cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, fmt.Sprintf("cannot lose an answer on this connection: %v", err), http.StatusInternalServerError)
		return
	}
	_ = conn.Close()
}
