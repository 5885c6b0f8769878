#!/bin/sh
exec /opt/worker
