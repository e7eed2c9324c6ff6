package kit

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"example.com/handover/pkg/store"
)

// unprotected is a service's configuration with addresses that may be in plain text.
type unprotected interface {
	// PlainText returns each host:port that the service listens at or calls without TLS, by the key that says so in its section.
	PlainText() map[string]string
}

// exposed are the addresses that one key has in plain text, and what changes that.
type exposed struct {
	addresses []string
	remedy    string
}

// plainText refuses addresses beyond loopback without TLS, except those whose key is named, and development keys beyond loopback.
func (c Config) plainText(all map[string]begun) error {
	p, named := c.Platform, map[string]bool{}
	for _, key := range p.TLS.PlainText {
		named[key] = true
	}
	plain, err := c.exposed(all)
	found := []error{err}
	for _, key := range slices.Sorted(maps.Keys(plain)) {
		i := slices.IndexFunc(plain[key].addresses, beyondLoopback)
		if i >= 0 && !named[key] {
			found = append(found, fmt.Errorf("%s: %s is beyond loopback and not protected by TLS: %s, or name %s in platform.tls.plain_text",
				key, plain[key].addresses[i], plain[key].remedy, key))
		}
		if i >= 0 {
			delete(named, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(named)) {
		found = append(found, fmt.Errorf("platform.tls.plain_text: %s is in plain text nowhere beyond loopback; take it out", key))
	}
	for _, l := range [][2]string{{"grpc", p.GRPC}, {"http", p.HTTP}, {"admin", p.Admin}} {
		if p.Auth.Development != "" && beyondLoopback(l[1]) {
			found = append(found, fmt.Errorf("platform.auth.development: whoever reads the folder can be anybody, so platform.%s may not be %s",
				l[0], l[1]))
		}
	}
	return errors.Join(found...)
}

func (c Config) exposed(all map[string]begun) (plain map[string]exposed, err error) {
	p := c.Platform
	plain = map[string]exposed{}
	add := func(protected bool, key, remedy string, addresses ...string) {
		if !protected {
			plain[key] = exposed{addresses, remedy}
		}
	}
	own := p.TLS.Certificate != ""
	add(own, "platform.grpc", "set platform.tls.certificate", p.GRPC)
	add(own, "platform.admin", "set platform.tls.certificate", p.Admin)
	add(own || p.TLS.HTTP.Certificate != "", "platform.http", "set platform.tls.http.certificate", p.HTTP)
	for peer, addresses := range p.Peers {
		add(p.TLS.Set(), "platform.peers."+peer, "set platform.tls.authorities", strings.Split(addresses, ",")...)
	}
	add(p.NATS.TLS.Set(), "platform.nats.url", "set platform.nats.tls.authorities", p.NATS.servers()...)
	if t := p.Telemetry.Traces; t.Insecure {
		add(false, "platform.telemetry.traces.endpoint", "take platform.telemetry.traces.insecure out", t.Endpoint)
	}
	for i, issuer := range p.Auth.Issuers {
		add(false, fmt.Sprintf("platform.auth.issuers[%d].jwks_url", i), "use https", plainHost(issuer.JWKSURL))
	}
	for name, b := range all {
		if o, ok := b.config.(outward); ok {
			for key, address := range o.Outward() {
				add(false, "services."+name+"."+key, "use https", plainHost(address))
			}
		}
		if u, ok := b.config.(unprotected); ok {
			for key, address := range u.PlainText() {
				add(false, "services."+name+"."+key, "use TLS or loopback", address)
			}
		}
	}
	database, err := store.Unverified(p.Database.PostgreSQL.Value())
	if err != nil {
		return plain, fmt.Errorf("platform.database.postgresql: %w", err)
	}
	add(false, "platform.database.postgresql", "put sslmode=verify-full into the URL", database...)
	return plain, nil
}

// servers are the addresses of the URL that are not reached with TLS by their scheme.
func (n NATS) servers() (out []string) {
	for one := range strings.SplitSeq(n.URL, ",") {
		scheme, address, found := strings.Cut(strings.TrimSpace(one), "://")
		if !found {
			scheme, address = "nats", scheme
		}
		if scheme = strings.ToLower(scheme); scheme != "tls" && scheme != "wss" { // the client takes any other for plain text
			out = append(out, address[strings.LastIndex(address, "@")+1:])
		}
	}
	return out
}

// plainHost is the host of an http address, else empty.
func plainHost(address string) string {
	if u, err := url.Parse(address); err == nil && u.Scheme == "http" {
		return u.Host
	}
	return ""
}

// beyondLoopback says whether other machines are meant by host:port, or by a host alone.
func beyondLoopback(address string) bool {
	if address = strings.TrimSpace(address); address == "" {
		return false
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}
