package store_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"example.com/handover/pkg/store"
)

// TestPartedFromAServerThatIsGone: a connection that the server has closed is no failure when it is closed here, anything else is.
func TestPartedFromAServerThatIsGone(t *testing.T) {
	write := &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}
	gone := fmt.Errorf("tls: failed to send closeNotify alert (but connection was closed anyway): %w", write)
	if err := store.Parted(errors.Join(nil, gone)); err != nil {
		t.Errorf("a server that is gone fails with %v", err)
	}
	if err := store.Parted(io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("another failure is %v", err)
	}
	if err := store.Parted(nil); err != nil {
		t.Error(err)
	}
}
