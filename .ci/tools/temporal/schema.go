package main

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

// store describes a database to the server, with as many connections as its own configuration for development.
func store(address string, connections int) (*config.SQL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	attributes := map[string]string{}
	for key := range u.Query() {
		attributes[key] = u.Query().Get(key)
	}
	return &config.SQL{
		PluginName: postgresql.PluginNamePGX, DatabaseName: strings.TrimPrefix(u.Path, "/"), ConnectAddr: u.Host, ConnectProtocol: "tcp",
		User: u.User.Username(), Password: password, ConnectAttributes: attributes, MaxConns: connections, MaxIdleConns: connections,
	}, nil
}

// setUp makes the tables of a database, with the library of temporal-sql-tool.
func setUp(of *config.SQL, name string, logger log.Logger) error {
	c, err := sql.NewConnection(of, logger)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := schema.NewSetupSchemaTask(c, &schema.SetupConfig{InitialVersion: "0.0"}, logger).Run(); err != nil {
		return fmt.Errorf("set up %s: %w", name, err)
	}
	update := &schema.UpdateConfig{DBName: of.DatabaseName, SchemaName: path.Join("postgresql/v12", name)}
	if err := schema.NewUpdateSchemaTask(c, update, logger).Run(); err != nil {
		return fmt.Errorf("update %s: %w", name, err)
	}
	return nil
}
