package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// sample is what the process held at an instant.
type sample struct {
	after time.Duration // since the first life began
	lives int           // that were over

	rss        float64 // bytes that are resident, as the kernel counts them
	heap       float64 // bytes in use, garbage included
	live       float64 // bytes that the last garbage collection found reachable
	goroutines float64
	files      float64 // descriptors
}

// measure asks the kernel and the process's own metrics.
func (s *suite) measure(ctx context.Context) (sample, error) {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", s.process.PID))
	if err != nil {
		return sample{}, err
	}
	defer func() { _ = status.Close() }()
	kernel, err := numbers(status)
	if err != nil {
		return sample{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.admin+"/metrics", http.NoBody)
	if err != nil {
		return sample{}, err
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return sample{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	own, err := numbers(resp.Body)
	if err != nil {
		return sample{}, err
	}
	out := sample{
		rss: kernel["VmRSS:"] * 1024, heap: own["go_memstats_heap_inuse_bytes"], live: own["go_gc_heap_live_bytes"],
		goroutines: own["go_goroutines"], files: own["process_open_fds"],
	}
	if out.rss == 0 || out.heap == 0 || out.live == 0 || out.goroutines == 0 || out.files == 0 {
		return out, fmt.Errorf("a figure is missing: %+v", out)
	}
	return out, nil
}

// numbers reads lines that are a name and a number: metrics without labels, and what the kernel says of a process.
func numbers(from io.Reader) (map[string]float64, error) {
	out := map[string]float64{}
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 {
			continue
		}
		if value, err := strconv.ParseFloat(fields[1], 64); err == nil {
			out[fields[0]] = value
		}
	}
	return out, lines.Err()
}
