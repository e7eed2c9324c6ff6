package auth

import (
	"errors"
	"fmt"
	"strings"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
)

// Config says whose tokens are believed.
type Config struct {
	Issuers []Trust       `yaml:"issuers" doc:"whose tokens are believed"`
	Machine clock.Machine `yaml:"-"` // when tokens end
	// Certificates are patterns such as "spiffe://example.com/handover/{service}" and "{service}.handover.internal".
	Certificates []string `yaml:"certificates" doc:"whose certificates, of platform.tls.authorities, are a service's identity: URIs and DNS names with {service} for its name; none: certificates identify nobody"`
}

// Trust is one believed issuer. Exactly one of JWKSURL and PublicKeyFile says where its keys are.
type Trust struct {
	Issuer   string `yaml:"issuer" doc:"the iss claim, exactly"`
	Audience string `yaml:"audience" doc:"must be among the aud claim"`
	JWKSURL  string `yaml:"jwks_url" doc:"where the issuer publishes its keys"`
	// PublicKeyFile may hold the old and the new key while they change.
	PublicKeyFile config.File `yaml:"public_key_file" doc:"PEM file with the issuer's public keys, instead of jwks_url; read again when it changes"`
	Roles         []Role      `yaml:"roles" doc:"the person roles that it may vouch for; none given: all of them"`
	Workloads     bool        `yaml:"workloads" doc:"it also vouches for workloads: an identity provider of persons must not"`
}

// Validate reports every entry that could not be used.
func (c Config) Validate() error {
	var found []error
	seen := map[string]bool{}
	for i, t := range c.Issuers {
		if err := t.validate(); err != nil {
			found = append(found, fmt.Errorf("issuers[%d]: %w", i, err))
		}
		if seen[t.Issuer] {
			found = append(found, fmt.Errorf("issuers[%d]: %q is listed twice", i, t.Issuer))
		}
		seen[t.Issuer] = true
	}
	for i, pattern := range c.Certificates {
		if strings.Count(pattern, servicePlace) != 1 || pattern == servicePlace {
			found = append(found, fmt.Errorf("certificates[%d]: %q must have %s once, and more", i, pattern, servicePlace))
		}
	}
	return errors.Join(found...)
}

func (t Trust) validate() error {
	switch {
	case t.Issuer == "" || t.Audience == "":
		return errors.New("issuer and audience are both needed")
	case (t.JWKSURL == "") == (t.PublicKeyFile == ""):
		return errors.New("exactly one of jwks_url and public_key_file is needed")
	}
	for _, r := range t.Roles {
		if !r.ofPerson() {
			return fmt.Errorf("roles: %q is no role of a person", r)
		}
	}
	return nil
}
