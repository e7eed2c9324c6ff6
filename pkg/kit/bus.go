package kit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
)

// sandbox is the service that moves the business clock. The clock and the list of living processes are in its account,
// and nobody else announces an instant.
const sandbox = "sandbox"

// Accounts says what each service may do on the bus, derived from its Spec: the one source of every NATS server's rules.
// Nobody has a key yet.
func Accounts(services []Service) []event.Account {
	roles := Roles(services)
	var more []event.Grant
	for _, r := range roles {
		if r.Service == sandbox {
			continue
		}
		more = append(more,
			event.Grant{Owner: sandbox, To: r.Service, Subject: clockSubject, Heard: true},
			event.Grant{Owner: sandbox, To: r.Service, Subject: event.LastOf(clockStream, clockSubject)},
			event.Grant{Owner: sandbox, To: r.Service, Subject: instanceSubject(r.Service, "*")},
			event.Grant{Owner: r.Service, To: sandbox, Subject: statusSubject(r.Service, "*")})
	}
	return event.Accounts(roles, more...)
}

// Roles are what the services do on the bus. The sandbox is always one, for the clock's sake.
func Roles(services []Service) []event.Role {
	var roles []event.Role
	keeps := false
	for _, s := range services {
		if s.Name != sandbox {
			roles = append(roles, event.Role{
				Service: s.Name, Produces: s.migrations != nil, Consumes: s.subscriptions(), Subscribe: []string{statusSubject(s.Name, "*")},
			})
		} else {
			keeps = s.migrations != nil
		}
	}
	return append(roles, event.Role{
		Service: sandbox, Produces: keeps,
		Publish: slices.Concat(
			[]string{
				clockSubject, instanceSubject(sandbox, "*"), statusSubject(sandbox, "*"), event.LastOf(clockStream, clockSubject),
				event.LastOf(instanceStream, instanceSubject("*", "*")),
			},
			event.Administration(clockStream), event.Administration(instanceStream)),
		Subscribe: []string{clockSubject, statusSubject(sandbox, "*")},
	})
}

// subscriptions are those that the Spec declares, in a fixed order.
func (s Service) subscriptions() (all []event.Subscription) {
	for _, purpose := range slices.Sorted(maps.Keys(s.subscribes)) {
		from := s.subscribes[purpose]
		all = append(all, event.Subscription{Consumer: s.Name + "-" + purpose, Service: from.Service, Noun: from.Noun})
	}
	return all
}

// connector is how this process reaches its server.
type connector struct {
	connect func(event.Options) (*event.Bus, error)
	keys    map[string]event.Key // of each user that this process is
}

// openBus connects each hosted service as a user of its own, to the configured server or to one that it embeds.
func (p *Process) openBus(ctx context.Context, services []Service) error {
	server, err := p.natsFor(ctx, services)
	if err != nil {
		return err
	}
	p.buses = map[string]*event.Bus{}
	for _, user := range slices.Sorted(maps.Keys(server.keys)) {
		bus, err := server.connect(event.Options{
			Name: p.instance, User: user, Key: server.keys[user], Log: p.log, Traces: p.telemetry.Tracers,
			TLS: p.config.Platform.NATS.TLS,
		})
		if err != nil {
			return fmt.Errorf("%s: %w", user, err)
		}
		p.buses[user] = bus
		p.closers.add(func(context.Context) error { bus.Close(); return nil })
	}
	if setUp := p.buses[event.SetUpUser]; setUp != nil {
		err := setUp.SetUp(ctx, event.Layout{
			Roles: Roles(services), MaxAge: p.config.Platform.NATS.MaxAge.Std(), AckWait: p.config.Platform.Work.AckWait.Std(),
		})
		if err != nil {
			return err
		}
		setUp.Close()
		delete(p.buses, event.SetUpUser)
	}
	p.user = sandbox
	if p.buses[sandbox] == nil {
		p.user = services[0].Name
	}
	p.bus = p.buses[p.user]
	return nil
}

// natsFor starts the embedded server, unless there is another one. One that serves this process alone knows its services
// by keys that exist in memory only, and is set up by it; one that others reach has accounts in a file, as a server of its
// own has, and this process is one of its users.
func (p *Process) natsFor(ctx context.Context, services []Service) (connector, error) {
	c := p.config.Platform.NATS
	n, err := c.users(services)
	if err != nil {
		return n, fmt.Errorf("platform.%w", err)
	}
	if c.URL != "" {
		n.connect = func(o event.Options) (*event.Bus, error) { return event.Connect(c.URL, o) }
		return n, nil
	}
	options := event.EmbeddedOptions{Listen: c.Listen, File: c.Accounts.Path(), TLS: c.TLS, SyncAlways: c.SyncAll, Log: p.log}
	if c.Listen == "" {
		options.Accounts = Accounts(services)
		for i, a := range options.Accounts {
			key, public, err := event.NewKey()
			if err != nil {
				return n, err
			}
			n.keys[a.Name], options.Accounts[i].Users[0].Keys = key, []string{public}
		}
	}
	server, err := unlessEnded(ctx, func() (*event.Embedded, error) {
		return event.StartEmbedded(filepath.Join(p.config.Platform.Data, "nats"), options)
	})
	if err != nil {
		return n, err
	}
	p.closers.add(server.Stop)
	n.connect = server.Connect
	return n, nil
}

// users are the hosted services with their keys, and refuses a configuration in which one could not be itself.
func (n NATS) users(services []Service) (connector, error) {
	found := connector{keys: map[string]event.Key{}}
	switch {
	case n.URL != "" && n.Listen != "":
		return found, errors.New("nats.url and nats.listen exclude each other: this process connects to a server or embeds one")
	case n.Listen != "" && beyondLoopback(n.Listen):
		return found, fmt.Errorf("nats.listen: %s is beyond loopback: use a NATS server of its own between machines (nats.url)", n.Listen)
	case n.URL == "" && n.Listen == "" && (len(n.Keys) > 0 || n.TLS.Set()):
		return found, errors.New("nats.keys and nats.tls are for a server that other processes reach (nats.url or nats.listen)")
	case (n.Listen != "") != (n.Accounts != ""):
		return found, errors.New("nats.listen and nats.accounts belong together: who may connect is what handover nats-config prints")
	case n.URL == "" && n.Listen == "":
		return found, nil
	}
	for _, s := range services {
		file := n.Keys[s.Name]
		if file == "" {
			return found, fmt.Errorf("nats.keys.%s: the service has no key to connect to NATS with", s.Name)
		}
		found.keys[s.Name] = event.KeyFile(file.Path())
	}
	return found, n.oneKeyEach(services)
}

// oneKeyEach refuses keys that nobody uses, and two services with one identity.
func (n NATS) oneKeyEach(services []Service) error {
	owners := map[config.File]string{}
	for _, name := range slices.Sorted(maps.Keys(n.Keys)) {
		file := n.Keys[name]
		if !slices.ContainsFunc(services, func(s Service) bool { return s.Name == name }) {
			return fmt.Errorf("nats.keys.%s: this process does not host it", name)
		}
		if other, taken := owners[file]; taken {
			return fmt.Errorf("nats.keys: %s and %s share %s", other, name, file)
		}
		owners[file] = name
	}
	return nil
}
