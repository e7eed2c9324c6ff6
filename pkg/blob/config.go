package blob

import (
	"cmp"
	"context"
	"path/filepath"
)

// Config says where a service keeps its blobs.
type Config struct {
	Folder    string `yaml:"folder" doc:"folder that all replicas share; empty, without a bucket: one in the data folder, for a single replica"`
	Bucket    string `yaml:"bucket" doc:"S3 bucket, instead of a folder"`
	Prefix    string `yaml:"prefix" doc:"put before every key in the bucket; empty, or ending with /"`
	Region    string `yaml:"region" doc:"of the bucket"`
	Endpoint  string `yaml:"endpoint" doc:"of S3; empty: AWS's own"`
	PathStyle bool   `yaml:"path_style" doc:"the bucket stands in the path, which most servers that are not AWS's need"`
}

// Open opens what the configuration says, for a service whose data folder this is. The store is closed by what onClose gets.
func (c Config) Open(ctx context.Context, data string, onClose func(func(context.Context) error)) (Store, error) {
	if c.Bucket != "" {
		return OpenS3(ctx, S3Config{
			Bucket: c.Bucket, Prefix: c.Prefix, Region: c.Region, Endpoint: c.Endpoint, PathStyle: c.PathStyle,
		})
	}
	folder, err := OpenFolder(cmp.Or(c.Folder, filepath.Join(data, "blobs")))
	if err != nil {
		return nil, err
	}
	onClose(func(context.Context) error { return folder.Close() })
	return folder, nil
}
