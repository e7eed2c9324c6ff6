package kit

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Program is a binary as a person calls it.
type Program struct {
	Name, Description string
	Out, Complaints   io.Writer
	Bind              []any // what commands get beside a context and Out
}

// Run parses args into a kong command structure, runs the chosen command until SIGTERM or SIGINT, and returns the exit
// code: 2 for wrong arguments, 1 for a failure.
func (p Program) Run(args []string, commands any) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	parser, err := kong.New(commands, kong.Name(p.Name), kong.Description(p.Description), kong.Writers(p.Out, p.Complaints),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(p.Out, (*io.Writer)(nil)), kong.Bind(p.Bind...))
	var parsed *kong.Context
	if err == nil {
		parsed, err = parser.Parse(args)
	}
	if err != nil {
		_, _ = fmt.Fprintf(p.Complaints, "%s: %v\n", p.Name, err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		_, _ = fmt.Fprintf(p.Complaints, "%s: %v\n", p.Name, err)
		return 1
	}
	return 0
}
