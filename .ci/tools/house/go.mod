// The repository's own checks. Outside the workspace and without dependencies, so that they build in a second and
// judge the product without being part of it.
module example.com/handover/tools/house

go 1.26.0
