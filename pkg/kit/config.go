package kit

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/obs"
	"example.com/handover/pkg/tlsfile"
)

// Config is one process's configuration file: the platform once, then a section per hosted service.
type Config struct {
	Platform Platform                  `yaml:"platform" doc:"what every hosted service shares"`
	Services map[string]config.Section `yaml:"services" doc:"one section per hosted service"`
	Machine  clock.Machine             `yaml:"-"` // the zero value is the machine's own clock
}

// Platform is what every hosted service shares.
type Platform struct {
	Hosts     []string          `yaml:"hosts" doc:"which services of the binary this process hosts; empty: all of them"`
	Data      string            `yaml:"data" doc:"folder of databases, embedded NATS and keys; one process at a time"`
	GRPC      string            `yaml:"grpc" doc:"host:port of the gRPC listener"`
	HTTP      string            `yaml:"http" doc:"host:port of the HTTP listener, when a hosted service has one"`
	TLS       TLS               `yaml:"tls"`
	Admin     string            `yaml:"admin" doc:"host:port of /metrics and of /livez, /startupz and /readyz, which say here what is wrong; empty: none"`
	Database  Database          `yaml:"database"`
	NATS      NATS              `yaml:"nats"`
	Clock     BusinessClock     `yaml:"business_clock"`
	Peers     map[string]string `yaml:"peers" doc:"address of each service that another process hosts: name to host:port, or to several of them with commas, which share the calls"`
	Auth      Auth              `yaml:"auth"`
	Limits    Limits            `yaml:"limits"`
	Work      WorkConfig        `yaml:"work"`
	Retention RetentionConfig   `yaml:"retention"`
	Start     config.Duration   `yaml:"start" doc:"time that a start may take, migrations included"`
	Stop      config.Duration   `yaml:"stop" doc:"time that calls and work in flight are given at shutdown"`
	Health    HealthConfig      `yaml:"health"`
	Telemetry obs.Config        `yaml:"telemetry"`
	Faults    Faults            `yaml:"faults"`
}

// Limits are what one replica takes from one caller.
type Limits struct {
	CallerRate  float64 `yaml:"caller_rate" doc:"calls per second of one person over gRPC, besides what comes through the gateway; 0: 50 with the live clock, and any number in a sandbox, where days pass in seconds"`
	CallerBurst int     `yaml:"caller_burst" doc:"calls that one person may make at once"`
	StreamsEach int     `yaml:"streams_each" doc:"streams that one caller may have open at once, through the gateway too"`
	Streams     int     `yaml:"streams" doc:"streams that all known callers together may have open at once"`

	Unauthenticated UnauthenticatedLimits `yaml:"unauthenticated" doc:"what a listener takes before it knows who calls; what it refuses is counted in handover_unauthenticated_refused"`
}

// Database says where the services' databases are.
type Database struct {
	PostgreSQL config.Secret `yaml:"postgresql" doc:"file with the URL of a PostgreSQL server, read again at each new connection; each service gets its own schema; empty: SQLite files in the data folder"`
}

// NATS says which server carries the events.
type NATS struct {
	URL      string                 `yaml:"url" doc:"servers to connect to, with commas, set up by handover nats-setup; empty: one is embedded, its files in the data folder"`
	Listen   string                 `yaml:"listen" doc:"host:port of loopback on which an embedded server also serves other processes; empty: this process only"`
	Accounts config.File            `yaml:"accounts" doc:"with listen: file with the accounts of all services, as handover nats-config prints them; read again when it changes"`
	Keys     map[string]config.File `yaml:"keys" doc:"with url or listen: hosted service to the file with the NKEY seed that it connects with, one each; read again at every connection"`
	TLS      tlsfile.Files          `yaml:"tls" doc:"with url or listen: certificates of the connection"`
	SyncAll  bool                   `yaml:"sync_always" doc:"the embedded server syncs its files before it acknowledges"`
	MaxAge   config.Duration        `yaml:"max_age" doc:"how long the streams of an embedded server that does not listen keep events; the tables they are copies of are kept apart"`
}

// BusinessClock chooses the clock of due dates.
type BusinessClock struct {
	Mode  string `yaml:"mode" doc:"live: the wall clock; sandbox: it stands still until AdvanceClock moves it"`
	Start string `yaml:"start" doc:"RFC 3339 instant at which a sandbox clock begins the first time"`
}

// Auth says whose tokens are believed.
type Auth struct {
	auth.Config `yaml:",inline"`
	Workload    map[string]string `yaml:"workload" doc:"service to the file with the token that it shows to its peers: one file each, read again when it changes. Needed for every hosted service that calls others, except in development"`
	Development string            `yaml:"development" doc:"folder of the development issuer's key; its tokens are believed. Never set it in production"`
}

// WorkConfig tunes the reconcilers.
type WorkConfig struct {
	Lease       config.Duration `yaml:"lease" doc:"how long a claim holds; work has half of it as its deadline"`
	Idle        config.Duration `yaml:"idle" doc:"how often a replica looks for work that another replica's commit made due"`
	RelayLease  config.Duration `yaml:"relay_lease" doc:"how long a lost replica keeps the others from publishing events"`
	AckWait     config.Duration `yaml:"ack_wait" doc:"how long a message that a lost replica had taken is kept from the others; a consumer has half of it to act on one"`
	Parallel    int             `yaml:"parallel" doc:"aggregates of one table worked on at the same time by one replica"`
	MaxAttempts int             `yaml:"max_attempts" doc:"failures in a row after which an aggregate is parked"`
	MaxTries    int             `yaml:"max_tries" doc:"refusals after which a message goes to the dead letters"`
}

// RetentionConfig is how long the store's shared tables keep rows. Zero keeps them for ever.
type RetentionConfig struct {
	Events      config.Duration `yaml:"events" doc:"published events"`
	Idempotency config.Duration `yaml:"idempotency" doc:"stored answers: the age after which a key may mean another call"`
	Inbox       config.Duration `yaml:"inbox" doc:"last seen revisions"`
	DeadLetters config.Duration `yaml:"dead_letters" doc:"messages that were refused too often"`
	Every       config.Duration `yaml:"every" doc:"time between two sweeps"`
}

// Faults makes the process end itself at a named point, to prove that nothing is lost. For tests only.
type Faults struct {
	KillAt string `yaml:"kill_at" doc:"point:n ends the process at the n-th pass of commit.before, commit.after, relay.publish.before, relay.publish.after, consume.commit.after or consume.ack.after"`
	StopAt string `yaml:"stop_at" doc:"point:n asks the process to end there, as SIGTERM does"`
}

// Default is the configuration that a file changes: embedded everything, on loopback, with the live clock.
func Default() Config {
	day := 24 * time.Hour
	return Config{Platform: Platform{
		Data: "data", GRPC: "127.0.0.1:9090", HTTP: "127.0.0.1:8080",
		NATS:   NATS{SyncAll: true, MaxAge: config.Duration(400 * day)},
		Clock:  BusinessClock{Mode: "live"},
		Limits: Limits{CallerBurst: 100, StreamsEach: 20, Streams: 1000, Unauthenticated: defaultUnauthenticated()},
		Work: WorkConfig{
			Lease: config.Duration(time.Minute), Idle: config.Duration(time.Second),
			RelayLease: config.Duration(6 * time.Second), AckWait: config.Duration(10 * time.Second),
			Parallel: 8, MaxAttempts: 12, MaxTries: 5,
		},
		Retention: RetentionConfig{
			Idempotency: config.Duration(7 * day), Inbox: config.Duration(800 * day),
			DeadLetters: config.Duration(400 * day), Every: config.Duration(time.Hour),
		},
		Start: config.Duration(5 * time.Minute), Stop: config.Duration(10 * time.Second),
		Health: HealthConfig{
			Every: config.Duration(5 * time.Second), DiskLeft: 256,
			RelayLag: config.Duration(5 * time.Minute), ClockSkew: config.Duration(10 * time.Second),
		},
		Telemetry: obs.Default(),
	}}
}

// Validate implements the check that config.Load runs.
func (p *Platform) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(p.Data != "", "data: must name a folder")
	for key, address := range map[string]string{"grpc": p.GRPC, "http": p.HTTP, "admin": p.Admin, "nats.listen": p.NATS.Listen} {
		_, _, err := net.SplitHostPort(address)
		check(address == "" || err == nil, "%s: %q is not host:port", key, address)
	}
	for key, address := range map[string]string{"grpc": p.GRPC, "http": p.HTTP} {
		check(address != "", "%s: must be host:port: an empty address is a free port of every interface", key)
	}
	check(p.Clock.Mode == "live" || p.Clock.Mode == "sandbox", "business_clock.mode: %q is neither live nor sandbox", p.Clock.Mode)
	_, err := p.Clock.start()
	check(err == nil, "business_clock.start: %v", err)
	check(p.Limits.CallerRate >= 0, "limits.caller_rate: cannot be negative")
	check(p.Limits.CallerBurst > 0 && p.Limits.StreamsEach > 0 && p.Limits.Streams > 0,
		"limits: caller_burst, streams_each and streams must be positive")
	check(p.Work.Lease.Std() >= time.Second, "work.lease: shorter than a second")
	check(p.Work.RelayLease.Std() >= time.Second, "work.relay_lease: shorter than a second")
	check(p.Work.AckWait.Std() >= time.Second, "work.ack_wait: shorter than a second")
	check(p.Work.Parallel > 0 && p.Work.MaxAttempts > 0 && p.Work.MaxTries > 0, "work: parallel, max_attempts and max_tries must be positive")
	check(p.Retention.Every.Std() > 0, "retention.every: must be positive")
	check(p.Start.Std() > 0, "start: must be positive")
	check(p.Health.Every.Std() > 0 && p.Health.DiskLeft >= 0, "health: every must be positive and disk_left not negative")
	err = p.Auth.oneFileEach()
	check(err == nil, "%v", err)
	return errors.Join(errs...)
}

// start is the zero time when none is set.
func (c BusinessClock) start() (time.Time, error) {
	if c.Start == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, c.Start)
}

// Check reads a configuration file as strictly as a start of these services would, without opening anything. It returns
// what a start would warn of.
func Check(path string, services ...Service) (warnings []string, err error) {
	c, err := Load(path)
	if err != nil {
		return nil, err
	}
	hosted, err := c.hosted(services)
	if err != nil {
		return nil, err
	}
	if _, err := c.Platform.NATS.users(hosted); err != nil {
		return nil, fmt.Errorf("platform.%w", err)
	}
	_, err = c.begin(hosted)
	if err == nil {
		_, err = c.Platform.TLS.open(slog.New(slog.DiscardHandler))
	}
	return c.absentPeers(hosted), err
}

// hosted picks the services that this process is to host out of those that its binary has.
func (c Config) hosted(services []Service) ([]Service, error) {
	if len(c.Platform.Hosts) == 0 {
		return services, nil
	}
	var out []Service
	for _, name := range c.Platform.Hosts {
		i := slices.IndexFunc(services, func(s Service) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("platform.hosts: this binary has no service %q", name)
		}
		out = append(out, services[i])
	}
	return out, nil
}

// begin decodes every hosted service's section, and refuses what must not run.
func (c Config) begin(services []Service) (map[string]begun, error) {
	all, err := c.sections(services)
	if err == nil {
		err = errors.Join(c.production(services, all), c.plainText(all))
	}
	return all, err
}

// sections decodes every hosted service's section over its defaults, and refuses a section that nobody reads.
func (c Config) sections(services []Service) (map[string]begun, error) {
	out := map[string]begun{}
	for _, s := range services {
		b := s.begin()
		out[s.Name] = b
		if b.config == nil {
			if c.Services[s.Name].IsSet() {
				return nil, fmt.Errorf("services.%s: the service has no settings", s.Name)
			}
			continue
		}
		if err := c.Services[s.Name].Decode(b.config); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		if _, hosted := out[name]; !hosted {
			return nil, fmt.Errorf(
				"services.%s: this process does not host it; it hosts %s", name, strings.Join(slices.Sorted(maps.Keys(out)), ", "),
			)
		}
	}
	return out, nil
}
