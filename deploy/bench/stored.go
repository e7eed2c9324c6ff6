package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/bench/measure"
	"example.com/handover/deploy/journey"
)

// kilobytes are the goals: half of what a life took before an event had one body for all facts of a revision.
func kilobytes() map[string]float64 {
	return map[string]float64{"orders": 27.5, "accounttransfer": 117, "billing": 24, "notifications": 20, "NATS": 150}
}

// stored measures what one life keeps on disk, from the draft to the first invoice: the content of each service's
// tables and indexes, and the messages of the streams. It is counted once, because time has no part in it.
func (b *bench) stored(ctx context.Context) error {
	return b.scope(ctx, func() error {
		at, err := b.newFolder()
		if err != nil {
			return err
		}
		s, err := b.newSuiteOf(ctx, at, asShipped)
		if err != nil {
			return err
		}
		before, err := at.contents(ctx)
		if err != nil {
			return err
		}
		target := journey.Target{
			Keys: s.keys, Addresses: journey.Everywhere(s.GRPCAddress()), Gateways: []string{s.HTTPAddress()},
		}
		if err := journey.Play(ctx, target, io.Discard); err != nil {
			return err
		}
		after, err := at.contents(ctx)
		if err != nil {
			return err
		}
		goals := kilobytes()
		for _, owner := range append(actors.Services(), "NATS") {
			line := measure.Line{Unit: "kB " + owner}
			if goal := goals[owner]; goal > 0 {
				line.Goal = measure.NoMoreThan(goal)
			}
			b.results = append(b.results, measure.Alone("Stored by a life, SQLite and streams", line, (after[owner]-before[owner])/1000))
		}
		return nil
	})
}

// contents are the bytes that services and streams keep here, by service and "NATS".
func (s storage) contents(ctx context.Context) (map[string]float64, error) {
	out := map[string]float64{}
	for _, service := range actors.Services() {
		db, err := s.raw(service)
		if err != nil {
			return nil, err
		}
		var size float64
		err = db.QueryRowContext(ctx, "SELECT SUM(payload) FROM dbstat").Scan(&size)
		if _ = db.Close(); err != nil { // nothing was written
			return nil, fmt.Errorf("size of %s: %w", service, err)
		}
		out[service] = size
	}
	err := filepath.WalkDir(filepath.Join(s.folder, "nats"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".blk") {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			out["NATS"] += float64(info.Size())
		}
		return err
	})
	return out, err
}
