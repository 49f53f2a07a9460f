//! The same without a window: inspect, probe, measure, render, sample.
