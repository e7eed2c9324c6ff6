package fault

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"

	"example.com/handover/pkg/errs"
)

// Strike ends the process of the fault the hard way, as when the power goes: no deferred call runs. For StopCaller it asks
// the process to end. A process that has ended already is no error, and another one that got its id meanwhile is left
// alone. Without a process there is nothing to do.
func (f Fault) Strike(log *slog.Logger) {
	if f.victim == nil {
		return
	}
	signal := os.Kill
	if f.Kind == StopCaller {
		signal = syscall.SIGTERM
	}
	if err := f.victim.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		log.Warn("cannot end the caller", "pid", f.PID, "error", err)
	}
}

// aimed holds on to the process that is to be killed: the handle stays with it, whatever becomes of its id.
func (f Fault) aimed() (Fault, error) {
	if !f.Aims() {
		return f, nil
	}
	var err error
	if f.victim, err = os.FindProcess(f.PID); err != nil {
		return f, errs.InvalidField("pid", "PID_INVALID", "%d is no process to kill: %v", f.PID, err)
	}
	return f, nil
}

// Cut closes the connection without an answer; for a Reset so that the caller sees a reset.
func (f Fault) Cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, fmt.Sprintf("cannot lose an answer on this connection: %v", err), http.StatusInternalServerError)
		return
	}
	f.CutConn(conn)
}

// CutConn is Cut for a connection that is not HTTP's.
func (f Fault) CutConn(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok && f.Kind == Reset {
		_ = tcp.SetLinger(0) // what is not sent is thrown away
	}
	_ = conn.Close()
}
