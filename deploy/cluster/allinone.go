package cluster

import (
	"context"
	"path/filepath"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
)

// AllInOne is the all-in-one as it is shipped, moved to free addresses of loopback and into a folder of its own.
type AllInOne struct {
	File              File
	Folder, Keys      string // Keys is the folder of the development issuer
	GRPC, HTTP, Admin string // host:port
	Listeners         config.Listeners
}

// NewAllInOne prepares one. Its File may be changed until it is launched.
func NewAllInOne(folder string) (*AllInOne, error) {
	a := &AllInOne{Folder: folder, Keys: filepath.Join(folder, "keys")}
	if err := kit.FreeAddresses(append(a.Listeners.All(), &a.GRPC, &a.HTTP, &a.Admin)...); err != nil {
		return nil, err
	}
	var err error
	if a.File, err = ShippedFile("sandbox.yaml"); err != nil {
		return nil, err
	}
	for key, value := range map[string]string{
		"platform.data": filepath.Join(folder, "data"), "platform.auth.development": a.Keys,
		"platform.grpc": a.GRPC, "platform.http": a.HTTP, "platform.admin": a.Admin,
	} {
		a.File.Set(key, value)
	}
	for _, service := range Services() {
		for key, value := range a.Listeners.Settings(service) {
			a.File.Set(key, value)
		}
	}
	return a, nil
}

// Launch starts it. It outlives ctx, and is stopped by who asked for it. TLS, Binary and the like are the command's to say.
func (a *AllInOne) Launch(ctx context.Context, c Command) (*Process, error) {
	configured := filepath.Join(a.Folder, "handover.yaml")
	if err := a.File.Write(configured); err != nil {
		return nil, err
	}
	c.Name, c.Args, c.Folder = "handover", []string{"run", "--config", configured}, a.Folder
	c.Log = filepath.Join(a.Folder, "handover.log")
	return Launch(context.WithoutCancel(ctx), c)
}
