package main

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// snapshot goes back to a copy of everything, taken at one instant, as when a machine is restored from a snapshot of its disk:
// all processes are frozen, their folders are copied, they are killed, and started again with the copies. What a database had
// begun to write and had not committed is garbled in the copy, for a power cut may leave anything there.
//
// It does not show what becomes of pages that were written, believed to be synced, and were not: the copy is made from the
// operating system's cache, as nothing here sees a sync.
func (f *fixture) snapshot(ctx context.Context) error {
	for _, m := range f.members {
		m.hold()
	}
	var all []error
	for _, m := range f.members {
		all = append(all, m.signalNow(syscall.SIGSTOP))
	}
	copied := filepath.Join(f.folder, "copy")
	all = append(all, os.Mkdir(copied, 0o700))
	folders := []string{"product", "sandbox", "streams", "blobs"}
	for _, folder := range folders {
		all = append(all, exec.CommandContext(ctx, "cp", "-a", filepath.Join(f.folder, folder), copied).Run())
	}
	for _, m := range f.members {
		all = append(all, m.signalNow(syscall.SIGKILL))
		m.awaitEnd()
	}
	for _, folder := range folders {
		at := filepath.Join(f.folder, folder)
		all = append(all, os.RemoveAll(at), os.Rename(filepath.Join(copied, folder), at))
	}
	logs, err := filepath.Glob(filepath.Join(f.folder, "*", "*", "*.db-wal"))
	all = append(all, err, os.Remove(copied))
	for _, log := range logs {
		all = append(all, garble(log))
	}
	last := f.member(string(sandbox))
	defer last.release()
	for _, m := range f.members {
		if m != last {
			m.release()
		}
	}
	return errors.Join(append(all, f.suiteServes(ctx))...)
}

// Places in SQLite's write-ahead log: https://sqlite.org/fileformat2.html#walformat
const (
	logHeader   = 32
	frameHeader = 24
)

// garble overwrites what follows the last commit of a log, and adds half a page of the same.
func garble(path string) error {
	log, err := os.ReadFile(path)
	if err != nil || len(log) < logHeader {
		return err
	}
	frame := frameHeader + int(binary.BigEndian.Uint32(log[8:]))
	salt, end := log[16:24], logHeader
	for at := logHeader; at+frame <= len(log) && string(log[at+8:at+16]) == string(salt); at += frame {
		if binary.BigEndian.Uint32(log[at+4:]) != 0 { // the size of the database after a commit
			end = at + frame
		}
	}
	log = append(log, make([]byte, frame/2)...)
	for i := end; i < len(log); i++ {
		log[i] = 0xa5
	}
	return os.WriteFile(path, log, 0o600)
}
