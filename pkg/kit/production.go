package kit

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// outward is a service's configuration that names addresses outside of the suite.
type outward interface {
	// Outward returns each address, by its key in the service's section; an empty one is that of the party itself.
	Outward() map[string]string
}

// production refuses, with a live clock, what is good for a sandbox alone.
func (c Config) production(services []Service, all map[string]begun) error {
	p := c.Platform
	if p.Clock.Mode != "live" {
		return nil
	}
	var found []error
	refuse := func(format string, args ...any) {
		found = append(found, fmt.Errorf(format+", which is for a sandbox: business_clock.mode is live", args...))
	}
	if p.Auth.Development != "" {
		refuse("platform.auth.development: whoever reads the folder can be anybody")
	}
	if slices.ContainsFunc(services, func(s Service) bool { return s.Name == sandbox }) {
		refuse("platform.hosts: this process hosts the simulators of AWS, ServiceNow and mail (%s)", sandbox)
	}
	if _, named := p.Peers[sandbox]; named {
		refuse("platform.peers.%s: it hosts simulators", sandbox)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		o, names := all[name].config.(outward)
		if !names {
			continue
		}
		addresses := o.Outward()
		for _, key := range slices.Sorted(maps.Keys(addresses)) {
			u, err := url.Parse(addresses[key])
			if addresses[key] != "" && (err != nil || u.Scheme != "https") {
				refuse("services.%s.%s: %q is not https", name, key, addresses[key])
			}
		}
	}
	return errors.Join(found...)
}
