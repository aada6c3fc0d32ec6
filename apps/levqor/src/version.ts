// The version of this installation, for the command line and the API's description.
export const version = '0.1.0'
