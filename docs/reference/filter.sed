# Turns the comments of plugin-api's headers into Doxygen's, on the way into it: what stands before a declaration
# describes that, what stands behind one describes this. Run with sed -E.
s|^([[:space:]]*)/\* |\1/** |
s|^([^/]*[;,{][[:space:]]*)/\* |\1/**< |
s|^([[:space:]]*)// |\1/// |
s|^([^/]*[;,{][[:space:]]*)// |\1///< |
