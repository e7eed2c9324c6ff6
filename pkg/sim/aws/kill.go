package aws

import "syscall"

// kill ends one process of a test the hard way, as when the power goes: no deferred call runs. A process that has
// ended already is no error. Without a process there is nothing to do.
func (s *Simulator) kill(pid int) {
	if pid <= 1 {
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		s.log.Warn("cannot kill the caller", "pid", pid, "error", err)
	}
}
