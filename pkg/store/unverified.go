package store

import (
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Unverified are the hosts that a URL of PostgreSQL may be answered by without TLS, or without a certificate of that name.
// A socket is no host.
func Unverified(url string) (hosts []string, err error) {
	if url == "" {
		return nil, nil
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	return unverified(config), nil
}

func unverified(config *pgx.ConnConfig) (hosts []string) {
	ways := append([]*pgconn.FallbackConfig{{Host: config.Host, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	for _, way := range ways {
		if !strings.HasPrefix(way.Host, "/") && (way.TLSConfig == nil || way.TLSConfig.InsecureSkipVerify) {
			hosts = append(hosts, way.Host)
		}
	}
	return hosts
}
