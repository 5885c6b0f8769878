mod blueprint;
