package engine

// regionActions are the operations on what surrounds a table beyond its region and its data: replicas, auto scaling,
// contributor insights and Kinesis data streams.
var regionActions = union(kinesisActions, insightsActions, scalingActions, globalActions)
