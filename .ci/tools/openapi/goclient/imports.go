// Package goclient stands for the generated client, so that its imports are pinned.
package goclient

import _ "github.com/oapi-codegen/runtime" // what the generated code imports
