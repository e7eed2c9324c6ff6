package obs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"syscall"
)

// profileOnSignal writes profiles into a folder at every SIGUSR1, until the returned function is called. No listener shows
// them: a heap profile tells more than whoever reads metrics should know.
func profileOnSignal(folder string, log *slog.Logger) func(context.Context) error {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	var writing sync.WaitGroup
	writing.Go(func() {
		n := 0
		for range asked {
			n++
			if err := writeProfiles(folder, n); err != nil {
				log.Error("the profiles could not be written", "error", err)
			}
		}
	})
	stop := sync.OnceFunc(func() {
		signal.Stop(asked)
		close(asked)
	})
	return func(context.Context) error {
		stop()
		writing.Wait() // one that was asked for is written
		return nil
	}
}

// writeProfiles writes what is reachable, and where every goroutine stands.
func writeProfiles(folder string, n int) error {
	runtime.GC()
	var failed []error
	for _, name := range []string{"heap", "goroutine"} {
		file, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("%s-%d.pb.gz", name, n)), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		failed = append(failed, pprof.Lookup(name).WriteTo(file, 0), file.Close())
	}
	return errors.Join(failed...)
}
