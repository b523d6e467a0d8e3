"""China Post EMS, the open platform for agreement customers (api.ems.com.cn): table, mapper, client, partner."""
