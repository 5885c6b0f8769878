#!/bin/sh
dnf install -y python3-pip
pip3 install 'redis>=5' boto3
