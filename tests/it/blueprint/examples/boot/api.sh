#!/bin/sh
exec /opt/api
