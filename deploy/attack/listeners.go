package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// listeners asks the system what the processes listen on, and each of it whether it speaks NATS.
func listeners(ctx context.Context, t *target, o *outcome) error {
	for _, pid := range t.pids {
		open, err := sockets(pid)
		if err != nil {
			return err
		}
		for _, at := range open {
			switch {
			case !at.Addr().IsLoopback():
				o.gotIn("%s is beyond loopback", at)
			case !t.allowed[at.String()]:
				o.gotIn("%s is in no configuration", at)
			case at.String() != t.nats && greets(ctx, at.String()):
				o.gotIn("%s speaks NATS", at)
			default:
				o.refused("configured")
			}
		}
	}
	return nil
}

// sockets are what a process listens on.
func sockets(pid int) (found []netip.AddrPort, err error) {
	own := map[string]bool{}
	descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		return nil, err
	}
	for _, path := range descriptors {
		if to, err := os.Readlink(path); err == nil {
			own[to] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			const listens, local, state, inode = "0A", 1, 3, 9
			fields := strings.Fields(line)
			if len(fields) <= inode || fields[state] != listens || !own["socket:["+fields[inode]+"]"] {
				continue
			}
			at, err := address(fields[local])
			if err != nil {
				return nil, err
			}
			found = append(found, at)
		}
	}
	return found, nil
}

// address reads "0100007F:1F90": each four bytes are turned around.
func address(text string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for i := 0; i+3 < len(raw); i += 4 {
		raw[i], raw[i+1], raw[i+2], raw[i+3] = raw[i+3], raw[i+2], raw[i+1], raw[i]
	}
	ip, _ := netip.AddrFromSlice(raw)
	number, err := strconv.ParseUint(port, 16, 16)
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)), err
}

// greets says whether a listener speaks first, and as a NATS server does.
func greets(ctx context.Context, address string) bool {
	conn, err := raw(ctx, address, time.Second/5)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	line, _ := bufio.NewReader(conn).ReadString(' ')
	return line == "INFO "
}
