package kit

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
)

// workloads returns where each hosted service's own token comes from; nil for a service that has none. A development
// issuer has one for everybody.
func (a *Auth) workloads(machine clock.Machine, services []Service) (func(service string) auth.TokenSource, error) {
	if a.Development != "" {
		issuer, err := auth.OpenIssuer(a.Development)
		if err != nil {
			return nil, err
		}
		issuer.Machine = machine
		a.Issuers = append(a.Issuers, issuer.Trust())
		return issuer.Workload, nil
	}
	if err := a.oneFileEach(); err != nil {
		return nil, fmt.Errorf("platform.%w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Workload)) {
		if !slices.ContainsFunc(services, func(s Service) bool { return s.Name == name }) {
			return nil, fmt.Errorf("platform.auth.workload.%s: this process does not host it", name)
		}
	}
	return func(service string) auth.TokenSource {
		if path := a.Workload[service]; path != "" {
			return auth.TokenFile(path)
		}
		return nil
	}, nil
}

// oneFileEach refuses two services with one identity: what came through the gateway would act as a service.
func (a *Auth) oneFileEach() error {
	owners := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(a.Workload)) {
		path := filepath.Clean(a.Workload[name])
		if real, err := filepath.EvalSymlinks(path); err == nil { // a file may come later; then its name must do
			path = real
		}
		if other, taken := owners[path]; taken {
			return fmt.Errorf("auth.workload: %s and %s share %s", other, name, a.Workload[name])
		}
		owners[path] = name
	}
	return nil
}
