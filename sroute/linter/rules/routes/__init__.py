"""RT: routes and control flow."""
