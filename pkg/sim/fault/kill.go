package fault

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"example.com/handover/pkg/errs"
)

// Kill ends the process of the fault the hard way, as when the power goes: no deferred call runs. A process that has
// ended already is no error, and another one that got its id meanwhile is left alone. Without a process there is nothing
// to do.
func (f Fault) Kill(log *slog.Logger) {
	if f.victim == nil {
		return
	}
	if err := f.victim.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		log.Warn("cannot kill the caller", "pid", f.PID, "error", err)
	}
}

// aimed holds on to the process that is to be killed: the handle stays with it, whatever becomes of its id.
func (f Fault) aimed() (Fault, error) {
	if f.Kind != KillCaller {
		return f, nil
	}
	var err error
	if f.victim, err = os.FindProcess(f.PID); err != nil {
		return f, errs.InvalidField("pid", "PID_INVALID", "%d is no process to kill: %v", f.PID, err)
	}
	return f, nil
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
